import asyncio
from binance import AsyncClient, BinanceSocketManager

async def main():
    client = await AsyncClient.create()
    async with BinanceSocketManager(client).kline_socket('BTCUSDT', '1m') as socket:
        while True:
            message = await socket.recv()
            if message['e'] == 'error':
                break  # after five attempts, or when the queue is full
            if message['k']['x']:
                print(message['k']['t'], message['k']['c'])
    await client.close_connection()

asyncio.run(main())
