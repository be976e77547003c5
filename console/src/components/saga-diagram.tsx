import { sagaSteps, type StepState } from '../api/saga';
import type { Happening } from '../api/explanation';
import { t } from '../words/words';

const width = 150;
const gap = 26;
const height = 46;
const undoTop = 74;
const signs: Readonly<Record<StepState, string>> = {
  done: '✓',
  failed: '✕',
  running: '…',
  ahead: '',
  undone: '↩',
  skipped: '–',
};

/** The saga as it went: its steps from left to right, and below each that was undone, its undo. */
export function SagaDiagram({ timeline }: { timeline: readonly Happening[] }) {
  const steps = sagaSteps(timeline);
  const isUndone = steps.some(({ state }) => state === 'undone');
  const total = steps.length * (width + gap) - gap;
  const words = steps.map(({ step, state }) => `${spaced(step)}: ${t(`step_${state}`)}`).join(', ');
  return (
    <div class="scroll saga" tabIndex={0} role="region" aria-label={t('saga')}>
      <svg width={total} height={isUndone ? undoTop + height : height} role="img" aria-label={words}>
        {steps.map(({ step, undo, state }, index) => {
          const x = index * (width + gap);
          return (
            <g key={step} class={`step step-${state}`}>
              {index > 0 && <path class="edge" d={`M${x - gap} ${height / 2} h${gap}`} />}
              <rect x={x + 1} y="1" width={width - 2} height={height - 2} rx="8" />
              <text x={x + 12} y="19">
                {spaced(step)}
              </text>
              <text class="state" x={x + 12} y="36">
                {signs[state]} {t(`step_${state}`)}
              </text>
              {state === 'undone' && undo !== undefined && (
                <>
                  <path class="edge" d={`M${x + width / 2} ${height} v${undoTop - height}`} />
                  <rect x={x + 1} y={undoTop + 1} width={width - 2} height={height - 14} rx="8" />
                  <text x={x + 12} y={undoTop + 21}>
                    {spaced(undo)}
                  </text>
                </>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** `reserveStock` as `reserve stock`. */
const spaced = (step: string): string => step.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
