import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { exitPage } from "../exit/exit-page.ts";
import { useText } from "../messages/translate.tsx";
import { Button } from "./button.tsx";

interface ConfirmProps {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks once more before something that can't be taken back. */
export const Confirm = ({ title, text, confirm, onConfirm, onClose }: ConfirmProps) => {
  const t = useText();
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal>
        <Dialog className="dialog card" role="alertdialog">
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          <p>{text}</p>
          <div className="row">
            <Button onPress={onConfirm}>{confirm}</Button>
            <Button kind="secondary" onPress={onClose}>
              {t("app.cancel")}
            </Button>
          </div>
          {/* The dialog lies over the button at the top, and the way out is never blocked. */}
          <div className="row spaced">
            <Button kind="exit" onPress={exitPage}>
              {t("exit.button")}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
};
