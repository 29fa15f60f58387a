import { PageHead } from "@/ui/page-head";
import { texts } from "@/lib/texts";

export default function Page() {
  return <PageHead title={texts.frame.pages.dashboard} />;
}
