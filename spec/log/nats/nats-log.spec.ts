import { describe } from 'vitest';
import { natsLog } from 'rx-candles/nats';
import { hasNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { candleLogContract } from '../candle-log.contract.ts';

describe.runIf(hasNatsServer)('NATS JetStream', () => {
  candleLogContract(async () => {
    const server = await startNatsServer();
    const open = () => natsLog({ servers: server.url });
    await using log = open();
    await log.ensureStream();
    return { open, stop: async () => server[Symbol.asyncDispose]() };
  });
});
