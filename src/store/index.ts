export { openStore, type StoreOptions } from './open-store.ts';
export { StoreError, type StoreReason } from '../core/errors.ts';
export type {
  Appended,
  CandleSeries,
  CandleStore,
  Gap,
  GapReason,
  PageRequest,
  ReasonedGap,
  Revision,
  SeriesGap,
  SeriesInfo,
  StoredSpan,
} from '../ports/candle-store.ts';
export { record, type LiveCandles, type RecordOptions, type Recorded } from './record.ts';
export { RecordCounts } from './record-counts.ts';
export { replay$, type ReplayOptions } from './replay.ts';
export { audit, type AuditSpan, type Finding, type PastCandles } from './audit.ts';
export { exportParquet, importCsv, importFreqtrade } from './files.ts';
export type { ExportSpan, ExportedFile } from './files/parquet.ts';
export type { Imported } from './files/import.ts';
