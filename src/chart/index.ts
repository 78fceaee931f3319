/** The chart's front door, for the command line. */
export { startChart, type ChartOptions, type ChartServer } from './server/chart-server.ts';
export { toChartInterval } from './server/intervals.ts';
export { keyOf } from './wire.ts';
