import type { VENUES } from '../../src/venues/registry.ts';
import { binanceSamples } from './binance/samples.ts';
import { bybitSamples } from './bybit/samples.ts';
import { connectorContract } from './connector.contract.ts';
import { gateSamples } from './gate/samples.ts';
import { okxSamples } from './okx/samples.ts';
import type { Samples } from './samples.ts';

/** A venue without samples does not compile. */
const SAMPLES: { readonly [V in keyof typeof VENUES]: Samples } = {
  'binance-usdm': binanceSamples('binance-usdm'),
  'binance-coinm': binanceSamples('binance-coinm'),
  'binance-spot': binanceSamples('binance-spot'),
  okx: okxSamples,
  'bybit-spot': bybitSamples('bybit-spot'),
  'bybit-linear': bybitSamples('bybit-linear'),
  'bybit-inverse': bybitSamples('bybit-inverse'),
  'gate-spot': gateSamples,
};

for (const samples of Object.values(SAMPLES)) connectorContract(samples);
