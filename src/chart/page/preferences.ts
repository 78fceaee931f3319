/** What a user chose for all charts; kept by the browser. */
export interface Preferences {
  /** `auto`: as the system has it. */
  readonly theme: 'auto' | 'dark' | 'light';
  /** An IANA name. */
  readonly timeZone: string;
  readonly isLog: boolean;
}

export const DEFAULTS: Preferences = { theme: 'auto', timeZone: 'UTC', isLog: false };

const THEMES: readonly Preferences['theme'][] = ['auto', 'dark', 'light'];

/** What was kept; what cannot be read is as by default. */
export function preferencesOf(text: string | null): Preferences {
  const { theme, timeZone, isLog } = recordOf(text);
  return {
    theme: THEMES.find((known) => known === theme) ?? DEFAULTS.theme,
    timeZone: typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : DEFAULTS.timeZone,
    isLog: isLog === true,
  };
}

function recordOf(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
