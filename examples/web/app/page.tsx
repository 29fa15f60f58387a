import { DashboardView } from "@/features/dashboard/dashboard-view";

export default function Page() {
  return <DashboardView />;
}
