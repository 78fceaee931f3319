/** One client in a process of its own: `client.mjs <name> <settings as JSON>`; tells each closed candle to its parent. */
const [name, settings] = process.argv.slice(2);
const { watch } = await import(`./clients/${name}.mjs`);

process.on('disconnect', () => process.exit());
await watch(JSON.parse(settings), ({ symbol, timestamp, open, high, low, close, volume }) =>
  process.send([symbol, timestamp, open, high, low, close, volume]),
);
