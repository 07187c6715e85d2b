/** What a place is called. A host in another script is shown in it only where it is safe, and always in ASCII too. */
import { readableHost } from "@recourse/remedy";

export const PlaceName = ({ children }: { readonly children: string }) => {
  const readable = readableHost(children);
  return readable === undefined ? (
    <bdi>{children}</bdi>
  ) : (
    <>
      <bdi>{readable}</bdi> <bdi className="ascii-host soft small">{children}</bdi>
    </>
  );
};
