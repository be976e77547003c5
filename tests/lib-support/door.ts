/** Something to wait at until somebody opens it. */
export interface Door {
  open: () => void;
  opened: Promise<void>;
}

export function door(): Door {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
