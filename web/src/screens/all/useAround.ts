import { useMemo } from "react";
import type { Search } from "../../address";
import type { Results } from "../search/useResults";
import { useMonths, usePhotosOf } from "./useMonths";

/** For a photo that is open over all photos, those of its month and of the months beside it. */
export function useAround(search: Search, results: Results): Results {
  const isAll = search.all !== undefined;
  const { data: months = [] } = useMonths(isAll);
  const at = search.all ? months.findIndex(({ key }) => key === search.all) : 0;
  const near = isAll && at >= 0 ? months.slice(Math.max(0, at - 1), at + 2) : [];
  const loaded = usePhotosOf(near);
  return useMemo(() => {
    if (!isAll) return results;
    const hits = [...loaded.values()].flatMap((month) => month.hits ?? []);
    return { ...results, hits };
  }, [isAll, loaded, results]);
}
