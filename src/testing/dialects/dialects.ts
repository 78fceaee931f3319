import { BINANCE } from './binance/binance.ts';
import { BYBIT } from './bybit/bybit.ts';
import type { Dialect } from './dialect.ts';
import { GATE } from './gate/gate.ts';
import { OKX } from './okx/okx.ts';

/** Every dialect that the fake exchange speaks, the default first; nothing else lists them. */
export const DIALECTS: readonly Dialect[] = [...BINANCE, OKX, ...BYBIT, GATE];
