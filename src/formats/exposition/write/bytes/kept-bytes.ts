/** How many bytes of bucket lines a renderer may keep that it could make from labels as well. */
export interface KeptBytes {
  left: number;
}
