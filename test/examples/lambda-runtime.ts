/** In place of Lambda's runtime: calls the recipe's handler for each message, one after another, in one process. */
import { handler } from '../../examples/recipes/lambda.ts';

process.on('message', async (event: { readonly orders: number }) => process.send?.(await handler(event)));
