/** Imported before a program: it then runs as if `node_modules` had no ccxt. */
import { register, type ResolveHook } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

export const resolve: ResolveHook = (specifier, context, next) => {
  if (/^ccxt(\/|$)/.test(specifier)) throw new Error(`Cannot find package '${specifier}'`);
  return next(specifier, context);
};
