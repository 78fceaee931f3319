import { closedCandles$, resample } from 'rx-candles';

/** Days from 17:00 to 17:00 in New York, which have 23 or 25 hours when the clock there changes. */
closedCandles$('BTCUSDT', '1h', { history: 24 * 30 })
  .pipe(resample('1d', { timeZone: 'America/New_York', startOfDay: '17:00' }))
  .subscribe(({ timestamp, close }) => console.log(new Date(timestamp).toISOString(), close));
