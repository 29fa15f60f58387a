import { Compass } from "lucide-react";
import { texts } from "@/lib/texts";
import { ButtonLink } from "@/ui/button";
import { PageHead } from "@/ui/page-head";
import { Empty } from "@/ui/states";

export default function NotFound() {
  return (
    <>
      <PageHead title={texts.failures.notFound} />
      <Empty icon={Compass} title={texts.failures.notFoundLead}>
        <ButtonLink href="/">{texts.failures.toDashboard}</ButtonLink>
      </Empty>
    </>
  );
}
