import { texts } from "../texts";
import { useToast } from "./useToast";
import { useUploads } from "./useUploads";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";

/** Who takes a picture that is dropped, pasted or chosen, and what the window says meanwhile. */
export interface Target {
  invitation: string;
  take: (files: readonly File[]) => void;
}

/** The type of an address, and of a picture, that is dragged out of another page. */
const ADDRESS = "text/uri-list";

interface Pictures {
  offer: (target: Target) => () => void;
  give: (files: readonly File[]) => Promise<void>;
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
  const { say } = useToast();
  const uploads = useUploads();
  const latest = useRef<readonly File[]>([]);
  const give = useCallback(
    async (files: readonly File[]) => {
      if (!files.length) return;
      latest.current = files;
      const target = targets.current.at(-1);
      const pictures = await uploads.pictures(files);
      // Making pictures smaller takes a while, in which others may have come.
      const isWanted = latest.current === files && target && targets.current.includes(target);
      if (pictures.length && isWanted) target.take(pictures);
    },
    [uploads],
  );

  useLayoutEffect(() => {
    let depth = 0; // dragenter and dragleave fire for every element on the way
    const hold = (event: DragEvent, change: number) => {
      const types = event.dataTransfer?.types ?? [];
      if (types.includes(ADDRESS)) event.preventDefault(); // the browser would leave the page for it
      if (!types.includes("Files")) return;
      event.preventDefault();
      depth = Math.max(0, depth + change);
      setInvitation(depth ? (targets.current.at(-1)?.invitation ?? null) : null);
    };
    const enter = (event: DragEvent) => hold(event, 1);
    const over = (event: DragEvent) => hold(event, 0);
    const leave = (event: DragEvent) => hold(event, -1);
    const drop = (event: DragEvent) => {
      hold(event, -depth);
      const { files = [], types = [] } = event.dataTransfer ?? {};
      if (types.includes(ADDRESS) && !files.length) say({ text: texts.saveFirst, isError: true });
      void give([...files]);
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      void give(files);
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
  }, [give, say]);

  const value = useMemo(() => ({ offer, give, invitation }), [offer, give, invitation]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function usePictures(): Pictures {
  const pictures = useContext(Context);
  if (!pictures) throw new Error("usePictures needs a PicturesProvider above it");
  return pictures;
}

/** Take pictures while the component is mounted. */
export function usePictureTarget(invitation: string, take: Target["take"]): void {
  const { offer } = usePictures();
  const latest = useRef(take);
  useLayoutEffect(() => {
    latest.current = take;
  });
  useLayoutEffect(
    () => offer({ invitation, take: (files) => latest.current(files) }),
    [offer, invitation],
  );
}
