import { useEffect, useRef } from "react";
import { useNavigate } from "../../place";

/** Where public/sw.js leaves a picture that another program shared. */
const CACHE = "magpie-shared";
const PICTURE = "/shared-picture";

async function taken(): Promise<File | null> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(PICTURE);
  if (!kept) return null;
  await cache.delete(PICTURE);
  const picture = await kept.blob();
  const name = decodeURIComponent(kept.headers.get("x-name") ?? "");
  return new File([picture], name, { type: picture.type });
}

/** Search by a picture that another program has shared with the installed page. */
export function useSharedPicture(query: string, give: (files: readonly File[]) => void): void {
  const navigate = useNavigate();
  const latest = useRef(give);
  latest.current = give;
  useEffect(() => {
    if (!new URLSearchParams(query).has("shared")) return;
    void taken().then((file) => {
      navigate("/", { replace: true });
      if (file) latest.current([file]);
    });
  }, [navigate, query]);
}
