import type { Metric } from './metric.ts';

/** What Prometheus calls a metric, as OpenTelemetry's specification translates names and units. */
export function prometheusName({ name, unit, kind }: Pick<Metric<never>, 'name' | 'unit' | 'kind'>): string {
  return `${labelName(name)}${unit === 's' ? '_seconds' : ''}${kind === 'counter' ? '_total' : ''}`;
}

/** What Prometheus calls an attribute. */
export function labelName(attribute: string): string {
  return attribute.replaceAll('.', '_');
}
