export function AnnotatePage({
  projectId,
  imageId,
}: {
  readonly projectId: number;
  readonly imageId: number;
}) {
  return (
    <p>
      {projectId} {imageId}
    </p>
  );
}
