import type { CaseStatus } from "@recourse/protocol";
import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";

import { codeOf } from "../ask-server.ts";
import { itemOf, type Picture } from "../case/picture.ts";
import { Button } from "../design/button.tsx";
import { Notice } from "../design/notice.tsx";
import { Progress } from "../design/progress.tsx";
import { Step } from "../design/step.tsx";
import { problemKey } from "../messages/problem-keys.ts";
import { useText } from "../messages/translate.tsx";
import { type PlannedCase, planCase, sendItems } from "./send-items.ts";

interface SendingProps {
  readonly pictures: readonly Picture[];
  readonly planned: PlannedCase | undefined;
  readonly onCase: (planned: PlannedCase) => void;
  readonly onSent: (itemIds: readonly string[]) => void;
  readonly onDone: (status: CaseStatus, sent: readonly Picture[]) => void;
  readonly onBack: () => void;
}

/** Sends; on failure says what happened, what is safe, and what to do next. */
export const Sending = ({ pictures, planned, onCase, onSent, onDone, onBack }: SendingProps) => {
  const t = useText();
  const [sent, setSent] = useState(0);
  const [problem, setProblem] = useState<string>();
  // What was there at the beginning: pictures that become "sent" on the way must not leave the count.
  const [all] = useState(pictures);
  const sentIds = useRef(new Set<string>());
  const plan = useRef(planned);
  const abort = useRef<AbortController>(undefined);

  const send = useCallback(async () => {
    const controller = new AbortController();
    abort.current = controller;
    try {
      if (plan.current === undefined) {
        plan.current = await planCase();
        onCase(plan.current);
      }
      const items = all.flatMap((picture) => (sentIds.current.has(picture.id) ? [] : (itemOf(picture) ?? [])));
      const status = await sendItems(plan.current, items, {
        signal: controller.signal,
        onCase: (opened) => {
          plan.current = opened;
          onCase(opened);
        },
        onSent: (ids) => {
          for (const id of ids) sentIds.current.add(id);
          setSent(sentIds.current.size);
          onSent(ids);
        },
      });
      onDone(status, all);
    } catch (error) {
      if (controller.signal.aborted) return;
      setProblem(codeOf(error));
    }
  }, [all, onCase, onDone, onSent]);

  // Props change on the way (a picture becomes "sent"); the sending goes on, once.
  const start = useEffectEvent(() => queueMicrotask(() => void send()));
  useEffect(() => {
    start();
    return () => abort.current?.abort();
  }, []);

  const cancel = (): void => {
    abort.current?.abort();
    onBack();
  };

  if (problem !== undefined) {
    return (
      <Step title={t("sending.failed")} key="failed">
        <Notice kind="attention" isAlert>
          <p>{t(problemKey(problem))}</p>
          <p>{t("sending.kept", { sent })}</p>
        </Notice>
        <div className="row end">
          <Button kind="quiet" onPress={onBack}>
            {t("app.back")}
          </Button>
          <Button
            onPress={() => {
              setProblem(undefined);
              void send();
            }}
          >
            {t("sending.retry")}
          </Button>
        </div>
      </Step>
    );
  }
  return (
    <Step title={t("sending.title")} key="sending">
      <p className="lead">{t("sending.work")}</p>
      <Progress
        label={t("sending.items", { done: sent, total: all.length })}
        {...(sent === 0 ? {} : { fraction: sent / all.length })}
      />
      <div className="row end">
        <Button kind="secondary" onPress={cancel}>
          {t("app.cancel")}
        </Button>
      </div>
    </Step>
  );
};
