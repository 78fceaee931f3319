import { of, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { OneQuestion } from '../../../src/feed/series/one-question.ts';

describe('one question', () => {
  it('is open until it is answered, and the answer is told once', () => {
    const question = new OneQuestion();
    const answer = new Subject<number>();
    const told: number[] = [];
    expect(question.isOpen).toBe(false);
    question.ask(answer, (value) => told.push(value));
    expect(question.isOpen).toBe(true);
    answer.next(5);
    expect(told).toEqual([5]);
    expect(question.isOpen).toBe(false);
  });

  it('takes the place of the one before', () => {
    const question = new OneQuestion();
    const [old, young] = [new Subject<string>(), new Subject<string>()];
    const told: string[] = [];
    question.ask(old, (value) => told.push(value));
    question.ask(young, (value) => told.push(value));
    expect(old.observed).toBe(false);
    young.next('young');
    expect(told).toEqual(['young']);
  });

  it('can be dropped, and asked again', () => {
    const question = new OneQuestion();
    const answer = new Subject<number>();
    const told: number[] = [];
    question.ask(answer, (value) => told.push(value));
    question.drop();
    expect([question.isOpen, answer.observed]).toEqual([false, false]);
    question.ask(answer, (value) => told.push(value));
    answer.next(1);
    expect(told).toEqual([1]);
  });

  it('may be followed by another in the answer', () => {
    const question = new OneQuestion();
    const [first, second] = [new Subject<number>(), new Subject<number>()];
    const told: number[] = [];
    question.ask(first, () => {
      question.ask(second, (value) => told.push(value));
    });
    first.next(1);
    expect(question.isOpen).toBe(true);
    second.next(2);
    expect(told).toEqual([2]);
  });

  it('is over where the answer is there at once', () => {
    const question = new OneQuestion();
    question.ask(of(1), () => undefined);
    expect(question.isOpen).toBe(false);
  });
});
