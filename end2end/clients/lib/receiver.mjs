// Takes notifications and writes each event as a line of JSON: node receiver.mjs <file>. Prints its URL.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const file = process.argv[2];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const type = request.headers['content-type'];
  for (const event of JSON.parse(body).events) appendFileSync(file, `${JSON.stringify({ type, event })}\n`);
  response.writeHead(200).end();
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/events`));
