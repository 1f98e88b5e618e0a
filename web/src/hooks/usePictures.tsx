import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";

/** Who takes a picture that is dropped, pasted or chosen, and what the window says meanwhile. */
export interface Target {
  invitation: string;
  take: (file: File) => void;
}

interface Pictures {
  offer: (target: Target) => () => void;
  give: (file: File) => void;
  /** What to say while a picture is dragged over the window; null while none is. */
  invitation: string | null;
}

const Context = createContext<Pictures | null>(null);

/** Makes the whole window a drop target; the target registered last gets the pictures. */
export function PicturesProvider({ children }: { children: ReactNode }) {
  const targets = useRef<Target[]>([]);
  const [invitation, setInvitation] = useState<string | null>(null);

  const offer = useCallback((target: Target) => {
    targets.current.push(target);
    return () => {
      targets.current = targets.current.filter((other) => other !== target);
    };
  }, []);
  const give = useCallback((file: File) => targets.current.at(-1)?.take(file), []);

  useEffect(() => {
    let depth = 0; // dragenter and dragleave fire for every element on the way
    const hold = (event: DragEvent, change: number) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      depth = Math.max(0, depth + change);
      setInvitation(depth ? (targets.current.at(-1)?.invitation ?? null) : null);
    };
    const enter = (event: DragEvent) => hold(event, 1);
    const over = (event: DragEvent) => hold(event, 0);
    const leave = (event: DragEvent) => hold(event, -1);
    const drop = (event: DragEvent) => {
      hold(event, -depth);
      const file = event.dataTransfer?.files[0];
      if (file) give(file);
    };
    const paste = (event: ClipboardEvent) => {
      const file = event.clipboardData?.files[0];
      if (!file) return;
      event.preventDefault();
      give(file);
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    window.addEventListener("paste", paste);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
      window.removeEventListener("paste", paste);
    };
  }, [give]);

  const value = useMemo(() => ({ offer, give, invitation }), [offer, give, invitation]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function usePictures(): Pictures {
  const pictures = useContext(Context);
  if (!pictures) throw new Error("usePictures needs a PicturesProvider above it");
  return pictures;
}

/** Take pictures while the component is mounted. */
export function usePictureTarget(invitation: string, take: (file: File) => void): void {
  const { offer } = usePictures();
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(
    () => offer({ invitation, take: (file) => latest.current(file) }),
    [offer, invitation],
  );
}
