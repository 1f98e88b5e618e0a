import { type ReactNode, useRef } from "react";

interface Props {
  className: string | undefined;
  /** The name of a button that shows only an icon. */
  label?: string;
  accept?: string;
  onPick: (file: File) => void;
  children: ReactNode;
}

/** A button that opens the system's file dialog. */
export function PickButton({ className, label, accept = "image/*", onPick, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={label}
        title={label}
        onClick={() => input.current?.click()}
      >
        {children}
      </button>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = ""; // so that the same file can be chosen again
          if (file) onPick(file);
        }}
      />
    </>
  );
}
