export const GET = async (_request, { params }) => Response.json({ id: (await params).id });
