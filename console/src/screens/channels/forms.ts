import type { ResultOf } from '../../graphql/graphql.ts';
import type { CHANNEL_FORMS, CHANNELS } from './queries.ts';

type Agent = NonNullable<NonNullable<ResultOf<typeof CHANNELS>['org']>['agent']>;
export type Binding = Agent['channels'][number];
export type ChannelForm = NonNullable<
  ResultOf<typeof CHANNEL_FORMS>['catalog']
>['channels'][number];
