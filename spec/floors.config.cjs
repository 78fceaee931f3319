/** Who may import whom (docs/architecture.md). A room sees itself and what is listed; nothing else. */
const FLOORS = {
  core: { rooms: [], packages: [] },
  ports: { rooms: ['core'], packages: ['rxjs'] },
  // node:buffer is arithmetic on bytes, not the world.
  venues: { rooms: ['core', 'ports'], packages: ['node:buffer'] },
  operators: { rooms: ['core'], packages: ['rxjs'] },
  feed: { rooms: ['core', 'ports', 'venues', 'operators'], packages: ['rxjs'] },
  adapters: { rooms: ['core', 'ports', 'venues'], packages: ['.*'] },
  store: { rooms: ['core', 'ports', 'venues'], packages: ['.*'] },
  metrics: { rooms: ['core'], packages: ['rxjs', 'prom-client', '@opentelemetry/api'] },
  log: { rooms: ['core', 'ports', 'venues'], packages: ['.*'] },
  testing: { rooms: ['core', 'ports', 'venues', 'log'], packages: ['rxjs', 'ws', 'node:.*'] },
  chart: { rooms: ['index.ts'], packages: ['rxjs', 'lightweight-charts', 'node:.*'] },
  cli: {
    rooms: [
      'index.ts',
      'configuration.ts',
      'store/index.ts',
      'log/nats/index.ts',
      'metrics/registration.ts',
      'metrics/sources.ts',
      'testing',
      'chart/index.ts',
    ],
    packages: ['.*'],
  },
};

const anyOf = (words) => `(${words.join('|')})`;
const NPM = ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown'];

const roomRule = ([room, { rooms }]) => ({
  name: `${room} sees only ${[room, ...rooms].join(', ')}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^src/',
    pathNot: `^src/${anyOf([`${room}/`, ...rooms.map((name) => (name.endsWith('.ts') ? `${name.replace('.', '\\.')}$` : `${name}/`))])}`,
  },
});

const packageRule = ([room, { packages }]) => ({
  name: `${room} uses ${packages.length === 0 ? 'no packages' : `only ${packages.join(', ')}`}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    dependencyTypes: [...NPM, 'core'],
    ...(packages.length === 0 ? {} : { pathNot: packages.flatMap(patternsOf) }),
  },
});

/** dependency-cruiser names a package by its folder and a Node module by its bare name. */
function patternsOf(name) {
  if (name === '.*') return ['.*'];
  if (name === 'node:.*') return ['^(node:)?[a-z_/]+$'];
  if (name.startsWith('node:')) return [`^(node:)?${name.slice('node:'.length)}$`];
  return [`^node_modules/${name}/`, `^node_modules/@types/${name}/`];
}

module.exports = {
  forbidden: [
    ...Object.entries(FLOORS).flatMap((entry) => [roomRule(entry), packageRule(entry)]),
    {
      name: 'within the feed, connections and REST know neither each other nor the series',
      severity: 'error',
      from: { path: '^src/feed/(connection|rest)/' },
      to: { path: '^src/feed/(connection|rest|series)/', pathNot: '^src/feed/$1/' },
    },
    {
      name: 'within the feed, the series hear connections through their port alone',
      severity: 'error',
      from: { path: '^src/feed/series/' },
      to: { path: '^src/feed/connection/' },
    },
    {
      name: 'the front door and the stair know none of cli, store, log, metrics, testing and chart',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: '^src/(cli|store|log|metrics|testing|chart)/' },
    },
    {
      name: 'the page of the chart knows what it says to its server, and nothing of Node',
      severity: 'error',
      from: { path: '^src/chart/page/' },
      to: { path: '^src/', pathNot: '^src/chart/(page/|marks\\.ts$|wire\\.ts$)' },
    },
    {
      name: 'a page runs without Node',
      severity: 'error',
      from: { path: '^src/chart/page/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no circles',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    { name: 'every import resolves', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    {
      // A devDependency may be imported: what is no peer is bundled into dist (spec/build.mjs). Of an optional peer
      // dependency-cruiser says both that it is a peer and, because of peerDependenciesMeta, that it is none it knows.
      name: 'src imports only packages that package.json names',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only', 'npm-peer'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node', 'default'] },
  },
};
