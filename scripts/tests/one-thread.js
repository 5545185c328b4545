// Tests run beside one another: what they simulate takes one thread, unless they say how many. A thread more costs a start and
// code that is compiled again, and no result depends on the number.
import {syncBuiltinESMExports} from 'node:module';
import os from 'node:os';

os.availableParallelism = () => 1;
syncBuiltinESMExports();
