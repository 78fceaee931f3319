module.exports = { transformIgnorePatterns: ['/node_modules/(?!rx-candles/)'] };
