/** What a renderer may keep of bucket lines that could be made from labels as well. */
export interface KeptBytes {
  left: number;
}
