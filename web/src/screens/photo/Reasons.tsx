import type { Hit } from "../../types";
import styles from "./Reasons.module.css";

const FIRST = 8;

function signed(score: number): string {
  const text = Math.abs(score).toFixed(3);
  return score < 0 ? `− ${text}` : text;
}

/** Why a photo was found: parts that add up to its score. */
export function Reasons({ hit }: { hit: Hit }) {
  if (!hit.reasons.length) return null;
  const rest = hit.reasons.slice(FIRST);
  const restScore = rest.reduce((sum, reason) => sum + reason.score, 0);
  return (
    <section>
      <h2>Why this was found</h2>
      <table className={styles.table}>
        <tbody>
          {hit.reasons.slice(0, FIRST).map((reason, n) => (
            <tr key={n}>
              <th scope="row">{reason.what}</th>
              <td>{signed(reason.score)}</td>
            </tr>
          ))}
          {rest.length > 0 && (
            <tr>
              <th scope="row">{rest.length} more</th>
              <td>{signed(restScore)}</td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Score</th>
            <td>{signed(hit.score)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}
