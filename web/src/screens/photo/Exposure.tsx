import { useQuery } from "@tanstack/react-query";
import { exif } from "../../api";
import styles from "./Exposure.module.css";
import { settingsOf } from "./settings";

/** How the photo was taken, as far as its file tells. */
export function Exposure({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ["exif", id],
    queryFn: ({ signal }) => exif(id, signal),
    staleTime: Infinity,
  });
  const settings = data ? settingsOf(data) : [];
  if (!settings.length) return null;
  return (
    <dl className={styles.settings}>
      {settings.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
