import { deliveryStatuses } from '../../texts/names.ts';
import { type PageSearch, pageSearch } from '../../ui/page-search.ts';

type Status = keyof typeof deliveryStatuses;

export interface DeliveriesSearch extends PageSearch {
  readonly status?: Status;
}

export function deliveriesSearch(search: Readonly<Record<string, unknown>>): DeliveriesSearch {
  const { status } = search;
  return { ...pageSearch(search), ...(isDeliveryStatus(status) && { status }) };
}

export function isDeliveryStatus(value: unknown): value is Status {
  return typeof value === 'string' && Object.hasOwn(deliveryStatuses, value);
}
