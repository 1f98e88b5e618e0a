import { type ReactNode, useRef } from "react";

interface Props {
  className: string | undefined;
  /** The name of a button that shows only an icon. */
  label?: string;
  accept?: string;
  isMultiple?: boolean;
  onPick: (files: readonly File[]) => void;
  children: ReactNode;
}

/** A button that opens the system's file dialog. */
export function PickButton(props: Props) {
  const { className, label, accept = "image/*", isMultiple = false, onPick, children } = props;
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
        multiple={isMultiple}
        hidden
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = ""; // so that the same file can be chosen again
          if (files.length) onPick(files);
        }}
      />
    </>
  );
}
