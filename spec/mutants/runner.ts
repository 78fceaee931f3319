import { TestRunner, type RunnerTestFile } from 'vitest';

/**
 * A spec file that cannot even be loaded has noticed the mutant: its tables begin series as they are read. Stryker
 * looks at tests alone, and would take a file without any for one that found nothing wrong; an error it counts as such.
 */
export default class LoadingCounts extends TestRunner {
  override onAfterRunFiles(files: RunnerTestFile[] = []): void {
    super.onAfterRunFiles();
    const broken = files.find(({ tasks, result }) => tasks.length === 0 && result?.state === 'fail');
    if (broken) throw new Error(`${broken.name} cannot be loaded`);
  }
}
