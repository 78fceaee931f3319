/**
 * What was traded in one span of time, in whole numbers: prices in ticks, volumes in lots.
 * Without trades all prices are the last price before.
 */
export interface TradeSlice {
  /** Last price before the span. */
  readonly before: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly lots: number;
  readonly quote: number;
  readonly takerLots: number;
  readonly takerQuote: number;
  readonly trades: number;
  /** Number of the first trade, counted through the whole market. */
  readonly firstTrade: number;
}

/** A span without trades. */
export function emptySlice(before: number, firstTrade: number): TradeSlice {
  return {
    before, open: before, high: before, low: before, close: before,
    lots: 0, quote: 0, takerLots: 0, takerQuote: 0, trades: 0, firstTrade,
  }; // prettier-ignore
}

/** Joins slices that follow each other. Empty ones take no part in open, high and low. */
export class Sum {
  private slice: Mutable<TradeSlice> | undefined;

  add(next: TradeSlice): void {
    if (this.slice === undefined || this.slice.trades === 0) this.start(next);
    else if (next.trades > 0) this.append(this.slice, next);
  }

  /** The joined slice; undefined when nothing was added. */
  get total(): TradeSlice | undefined {
    return this.slice;
  }

  private start(next: TradeSlice): void {
    this.slice = { ...next, before: this.slice?.before ?? next.before };
  }

  private append(slice: Mutable<TradeSlice>, next: TradeSlice): void {
    if (next.high > slice.high) slice.high = next.high;
    if (next.low < slice.low) slice.low = next.low;
    slice.close = next.close;
    slice.lots += next.lots;
    slice.quote += next.quote;
    slice.takerLots += next.takerLots;
    slice.takerQuote += next.takerQuote;
    slice.trades += next.trades;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface Split {
  readonly parts: number;
  /** Probability that a part has no trades. */
  readonly empty: number;
  readonly random: () => number;
}

/** Cuts a slice into parts that join to exactly the same slice again. */
export function splitSlice(whole: TradeSlice, split: Split): TradeSlice[] {
  const busy = busyParts(whole, split);
  const shares = sharesOf(whole, busy.length, split.random);
  const prices = pricesOf(whole, busy.length, split.random);
  const slices: TradeSlice[] = [];
  let last = whole.before;
  let trade = whole.firstTrade;
  for (let part = 0, next = 0; part < split.parts; part++) {
    const share = busy[next] === part ? shares[next] : undefined;
    const price = prices[next];
    if (share === undefined || price === undefined) {
      slices.push(emptySlice(last, trade));
      continue;
    }
    slices.push({ before: last, ...price, ...share, firstTrade: trade });
    last = price.close;
    trade += share.trades;
    next++;
  }
  return slices;
}

/** Which parts have trades: at least one, and no more than there are trades and lots to share out. */
function busyParts(whole: TradeSlice, { parts, empty, random }: Split): number[] {
  const most = Math.min(whole.trades, whole.lots);
  if (most === 0) return [];
  const busy = Array.from({ length: parts }, (_, part) => part).filter(() => random() >= empty);
  if (busy.length === 0) busy.push(Math.floor(random() * parts));
  while (busy.length > most) busy.splice(Math.floor(random() * busy.length), 1);
  return busy;
}

type Share = Pick<TradeSlice, 'lots' | 'quote' | 'takerLots' | 'takerQuote' | 'trades'>;

function sharesOf(whole: TradeSlice, parts: number, random: () => number): Share[] {
  const weights = Array.from({ length: parts }, () => 0.2 + random());
  const trades = shareOut(whole.trades, weights);
  const lots = shareOut(whole.lots, trades);
  const takerLots = takersOf(whole, lots, random);
  const quote = proportional(whole.quote, lots);
  const takerQuote = proportional(whole.takerQuote, takerLots);
  return lots.map((part, i) => ({
    lots: part,
    quote: quote[i] ?? 0,
    takerLots: takerLots[i] ?? 0,
    takerQuote: takerQuote[i] ?? 0,
    trades: trades[i] ?? 0,
  }));
}

/** Whole numbers that add up to `total`, each at least 1. */
function shareOut(total: number, weights: readonly number[]): number[] {
  return proportional(total - weights.length, weights).map((part) => part + 1);
}

/** Whole numbers that add up to `total`, in proportion to the weights. */
function proportional(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let passed = 0;
  let given = 0;
  return weights.map((weight) => {
    passed += weight;
    const upTo = sum === 0 ? 0 : passed === sum ? total : Math.min(total, Math.floor((total * passed) / sum));
    const part = upTo - given;
    given = upTo;
    return part;
  });
}

/** The takers' part of each share: never above the share, and all together the whole's. */
function takersOf(whole: TradeSlice, lots: readonly number[], random: () => number): number[] {
  let left = whole.takerLots;
  let room = whole.lots;
  return lots.map((part) => {
    room -= part;
    const wanted = Math.round(part * (whole.takerLots / whole.lots) * (0.5 + random()));
    const taken = Math.min(part, left, Math.max(wanted, left - room));
    left -= taken;
    return taken;
  });
}

type Prices = Pick<TradeSlice, 'open' | 'high' | 'low' | 'close'>;

/** A path from open to close within high and low; one part touches each of them. */
function pricesOf(whole: TradeSlice, parts: number, random: () => number): Prices[] {
  const { open, high, low, close } = whole;
  const reach = (high - low) / Math.sqrt(parts);
  const within = (price: number): number => Math.min(high, Math.max(low, Math.round(price)));
  const near = (price: number): number => within(price + (random() - 0.5) * reach);
  const top = Math.floor(random() * parts);
  const bottom = Math.floor(random() * parts);
  let last = open;
  return Array.from({ length: parts }, (_, part) => {
    const first = part === 0 ? open : within(last + (random() - 0.5) * reach * 0.2);
    const line = first + (close - first) / (parts - part);
    const end = part === parts - 1 ? close : near(line + (random() - 0.5) * reach);
    last = end;
    return {
      open: first,
      high: part === top ? high : within(Math.max(first, end) + random() * reach * 0.3),
      low: part === bottom ? low : within(Math.min(first, end) - random() * reach * 0.3),
      close: end,
    };
  });
}
