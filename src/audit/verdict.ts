/**
 * `reproduced`: arithmetic or a simulation agrees. `inconsistent`: other claims of the publication say otherwise.
 * `not-supported`: it rests on what the publication does not show. `contradicted`: a measured record says otherwise.
 */
export type Verdict = 'reproduced' | 'inconsistent' | 'not-supported' | 'contradicted';
