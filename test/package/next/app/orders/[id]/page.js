export default async function Page({ params }) {
  return <p>{(await params).id}</p>;
}
