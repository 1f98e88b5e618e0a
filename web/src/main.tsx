import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { PlaceProvider } from "./place";
import { isAway, isLocked } from "./api";
import { App } from "./App";
import { keepFocus } from "./hooks/keepFocus";
import { LessonsProvider } from "./hooks/useLessons";
import { PicturesProvider } from "./hooks/usePictures";
import { ToastProvider } from "./hooks/useToast";
import "./tokens.css";
import "./base.css";
import { speak } from "./texts";

const FOREVER_MS = 30 * 60_000;

/** Errors that concern the whole page: the server's status decides what to show. */
function concernsServer(error: Error): boolean {
  return isAway(error) || isLocked(error);
}

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (concernsServer(error) && query.queryKey[0] !== "status")
        void client.invalidateQueries({ queryKey: ["status"] });
    },
  }),
  defaultOptions: {
    queries: {
      networkMode: "always", // the server may be on this machine, which may be offline
      refetchOnWindowFocus: false,
      staleTime: 30_000,
      gcTime: FOREVER_MS,
      retry: (count, error) => concernsServer(error) && count < 2,
    },
    mutations: { networkMode: "always" },
  },
});

// Not while developing, and only where the browser trusts the connection.
if (import.meta.env.PROD) navigator.serviceWorker?.register("/sw.js").catch(() => undefined);

history.scrollRestoration = "manual"; // see hooks/useScrollMemory.ts
keepFocus();

await speak(navigator.languages);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <PlaceProvider>
        <ToastProvider>
          <PicturesProvider>
            <LessonsProvider>
              <App />
            </LessonsProvider>
          </PicturesProvider>
        </ToastProvider>
      </PlaceProvider>
    </QueryClientProvider>
  </StrictMode>,
);
