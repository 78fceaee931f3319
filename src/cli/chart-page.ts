import { fileURLToPath } from 'node:url';

/** The folder of the chart page: the build puts it beside that of the command line (`dist/cli`), as it is in `src`. */
export const CHART_PAGE = fileURLToPath(new URL('../chart/page/', import.meta.url));
