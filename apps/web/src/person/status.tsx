import type { CaseItem, CaseStatus } from "@recourse/protocol";
import { useEffect, useRef, useState } from "react";
import { codeOf } from "../ask-server.ts";
import { caseStatus, withdraw } from "../case/hub-client.ts";
import { Button } from "../design/button.tsx";
import { Confirm } from "../design/confirm.tsx";
import { Notice } from "../design/notice.tsx";
import { Step } from "../design/step.tsx";
import { removeShareWorker } from "../exit/share-worker.ts";
import { problemKey } from "../messages/problem-keys.ts";
import { type Translate, useText } from "../messages/translate.tsx";
import type { OpenedCase } from "./flow.ts";

/** What platforms said, in sentences. */
const foundSentences = (t: Translate, { platforms, blocked, names }: CaseItem["found"]): readonly string[] => {
  if (platforms === 0) return [t("status.notFound")];
  return [
    ...(blocked > 0 ? [t("status.blocked", { blocked })] : [t("status.found", { platforms })]),
    ...(blocked > 0 && platforms > blocked ? [t("status.more", { count: platforms - blocked })] : []),
    ...(names.length > 0 ? [t("status.names", { names: names.join(", ") })] : []),
  ];
};

interface ItemRowProps {
  readonly item: CaseItem;
  readonly number: number;
  /** Known only in the visit in which the picture was chosen. */
  readonly fileName: string | undefined;
  readonly onWithdraw: () => void;
}

const ItemRow = ({ item, number, fileName, onWithdraw }: ItemRowProps) => {
  const t = useText();
  const isActive = item.state === "active";
  return (
    <li>
      <div className="list-head">
        <span>
          <strong>{t(`status.item.${item.media}`, { number, date: new Date(item.addedAt) })}</strong>{" "}
          {fileName !== undefined && <bdi className="soft small">{fileName}</bdi>}
        </span>
        <span className={isActive ? "tag tag-good" : "tag"}>{t(isActive ? "status.active" : "status.withdrawn")}</span>
      </div>
      {foundSentences(t, item.found).map((sentence) => (
        <div key={sentence}>{sentence}</div>
      ))}
      {isActive && (
        <Button kind="quiet" onPress={onWithdraw}>
          {t(`status.withdrawItem.${item.media}`, { number })}
        </Button>
      )}
    </li>
  );
};

interface StatusProps {
  readonly opened: OpenedCase;
  readonly status: CaseStatus;
  /** By the item's id: on this device only, and only of this visit. */
  readonly fileNames: ReadonlyMap<string, string>;
  readonly onStatus: (status: CaseStatus) => void;
  readonly onAdd: () => void;
  readonly onNew: () => void;
}

/** The case: each picture, what became of it, and the way out. */
export const Status = ({ opened, status, fileNames, onStatus, onAdd, onNew }: StatusProps) => {
  const t = useText();
  const [asked, setAsked] = useState<{ readonly itemId?: string }>();
  const [said, setSaid] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [isShareOff, setShareOff] = useState(false);
  const list = useRef<HTMLHeadingElement>(null);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const access = { caseNumber: opened.caseNumber, caseToken: opened.caseToken };

  /** One request at a time, so that an older answer never comes after a newer one. */
  const run = async (work: () => Promise<CaseStatus>, done: string, then?: () => Promise<void>): Promise<void> => {
    setProblem(undefined);
    setBusy(true);
    setSaid(t("app.loading"));
    try {
      const answer = await work();
      // Whoever went on to another screen is not pulled back.
      if (!isHere.current) return;
      onStatus(answer);
      setSaid(done);
      await then?.();
    } catch (error) {
      setSaid("");
      setProblem(codeOf(error));
    } finally {
      setBusy(false);
    }
  };

  const confirmWithdrawal = (itemId: string | undefined): void => {
    setAsked(undefined);
    // The button that opened the dialog may be gone in a moment; the list stays.
    setTimeout(() => list.current?.focus(), 0);
    void run(
      () => withdraw({ ...access, ...(itemId === undefined ? {} : { itemIds: [itemId] }) }),
      t("status.didWithdraw"),
      async () => {
        // Who withdraws all of it wants nothing of this left on the device either.
        if (itemId === undefined) setShareOff(await removeShareWorker());
      },
    );
  };

  return (
    <Step title={t("status.title")}>
      <p className="lead">
        <bdi className="code">{status.caseNumber}</bdi> · {t("status.opened", { date: new Date(status.openedAt) })}
      </p>
      {status.state === "withdrawn" && (
        <Notice kind="good">
          <p>{t("status.caseWithdrawn")}</p>
          {isShareOff && <p>{t("status.shareOff")}</p>}
        </Notice>
      )}
      {problem !== undefined && (
        <Notice kind="attention" isAlert>
          <p>{t(problemKey(problem))}</p>
          <p>{t("problem.again")}</p>
        </Notice>
      )}
      <h2 className="visually-hidden" ref={list} tabIndex={-1}>
        {t("status.items")}
      </h2>
      {status.items.length === 0 ? (
        <p className="soft">{t("status.empty")}</p>
      ) : (
        <ol className="list">
          {status.items.map((item, index) => (
            <ItemRow
              key={item.itemId}
              item={item}
              number={index + 1}
              fileName={fileNames.get(item.itemId)}
              onWithdraw={() => setAsked({ itemId: item.itemId })}
            />
          ))}
        </ol>
      )}
      <div className="row">
        <Button
          kind="secondary"
          isDisabled={isBusy}
          onPress={() => void run(() => caseStatus(access), t("status.refreshed"))}
        >
          {t("status.refresh")}
        </Button>
        {status.state === "withdrawn" && (
          <Button kind="secondary" onPress={onNew}>
            {t("status.new")}
          </Button>
        )}
        {status.state === "open" && (
          <>
            <Button kind="secondary" onPress={onAdd}>
              {t("status.add")}
            </Button>
            <Button kind="quiet" isDisabled={isBusy} onPress={() => setAsked({})}>
              {t("status.withdrawCase")}
            </Button>
          </>
        )}
      </div>
      <p role="status" className="soft">
        {said}
      </p>
      <p className="soft small">{t("status.codes", { count: status.recoveryCodesLeft })}</p>
      {asked !== undefined && (
        <Confirm
          title={t(asked.itemId === undefined ? "withdraw.case.title" : "withdraw.item.title")}
          text={t("withdraw.text")}
          confirm={t("withdraw.confirm")}
          onClose={() => setAsked(undefined)}
          onConfirm={() => confirmWithdrawal(asked.itemId)}
        />
      )}
    </Step>
  );
};
