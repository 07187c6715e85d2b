/** Where the page starts. */
import "./design/tokens.css";
import "./design/base.css";
import "./design/controls.css";
import "./design/surfaces.css";
import "./design/forced-colors.css";
import { lazy, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { findShareWorker, SHARE_ADDRESS } from "./exit/share-worker.ts";
import { LanguageProvider, useText } from "./messages/translate.tsx";
import { Page } from "./page.tsx";
import { PersonApp } from "./person/person-app.tsx";

const TryGate = lazy(async () => ({ default: (await import("./gate/try-gate.tsx")).TryGate }));

const CleanApp = lazy(async () => ({ default: (await import("./clean/clean-app.tsx")).CleanApp }));

const NotTaken = lazy(async () => ({ default: (await import("./clean/shared/not-taken.tsx")).NotTaken }));

const RemedyApp = lazy(async () => ({ default: (await import("./remedy/remedy-app.tsx")).RemedyApp }));

/** Each address has its own way in. */
const Screens = () => {
  switch (window.location.pathname) {
    case "/try":
      return <TryGate />;
    case "/clean":
      return <CleanApp />;
    case SHARE_ADDRESS:
      return <NotTaken />;
    case "/plan":
      return <RemedyApp />;
    default:
      return <PersonApp />;
  }
};

const App = () => {
  const t = useText();
  return (
    <Page>
      <Suspense fallback={<p role="status">{t("app.loading")}</p>}>
        <Screens />
      </Suspense>
    </Page>
  );
};

// Known before anybody leaves.
void findShareWorker();

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <LanguageProvider>
      <App />
    </LanguageProvider>,
  );
}
