import type { ComponentChildren } from 'preact';

/** Something that went wrong, in one sentence; screen readers say it at once. */
export const Failure = ({ children }: { children: ComponentChildren }) => (
  <p class="failure" role="alert">
    {children}
  </p>
);
