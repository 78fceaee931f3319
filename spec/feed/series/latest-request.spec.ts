import { of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { LatestRequest } from '../../../src/feed/series/latest-request.ts';

const fail = { onBug: (bug: unknown) => expect.fail(String(bug)) };

describe('one question', () => {
  it('is open until it is answered, and the answer is told once', () => {
    const question = new LatestRequest();
    const answer = new Subject<number>();
    const told: number[] = [];
    expect(question.isOpen).toBe(false);
    question.ask(answer, (value) => told.push(value), fail);
    expect(question.isOpen).toBe(true);
    answer.next(5);
    expect(told).toEqual([5]);
    expect(question.isOpen).toBe(false);
  });

  it('takes the place of the one before', () => {
    const question = new LatestRequest();
    const [old, young] = [new Subject<string>(), new Subject<string>()];
    const told: string[] = [];
    question.ask(old, (value) => told.push(value), fail);
    question.ask(young, (value) => told.push(value), fail);
    expect(old.observed).toBe(false);
    young.next('young');
    expect(told).toEqual(['young']);
  });

  it('can be dropped, and asked again', () => {
    const question = new LatestRequest();
    const answer = new Subject<number>();
    const told: number[] = [];
    question.ask(answer, (value) => told.push(value), fail);
    question.drop();
    expect([question.isOpen, answer.observed]).toEqual([false, false]);
    question.ask(answer, (value) => told.push(value), fail);
    answer.next(1);
    expect(told).toEqual([1]);
  });

  it('may be followed by another in the answer', () => {
    const question = new LatestRequest();
    const [first, second] = [new Subject<number>(), new Subject<number>()];
    const told: number[] = [];
    question.ask(first, () => question.ask(second, (value) => told.push(value), fail), fail);
    first.next(1);
    expect(question.isOpen).toBe(true);
    second.next(2);
    expect(told).toEqual([2]);
  });

  it('is over where the answer is there at once', () => {
    const question = new LatestRequest();
    question.ask(of(1), () => undefined, fail);
    expect(question.isOpen).toBe(false);
  });

  it('tells of the error of an answer that should have none, and of what is thrown over it', () => {
    const question = new LatestRequest();
    const bugs: unknown[] = [];
    const broken = () => {
      throw new TypeError('over it');
    };
    const asker = { onBug: (bug: unknown) => bugs.push(bug) };
    question.ask(throwError(() => new TypeError('of it')), broken, asker); // prettier-ignore
    question.ask(of(1), broken, asker);
    expect(bugs.map(String)).toEqual(['TypeError: of it', 'TypeError: over it']);
  });
});
