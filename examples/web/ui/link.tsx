import NextLink from "next/link";
import type { ComponentProps } from "react";

/**
 * A link to another page of this one. It fetches nothing before it is followed: lists have hundreds of them, each with an
 * address of its own. The pages of the navigation are fetched beforehand.
 */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />;
}
