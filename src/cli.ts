#!/usr/bin/env node
import process from 'node:process';
import {main} from './cli/main.ts';
import {listenAsFirstProcess} from './cli/terminal/interruption.ts';
import {showReading} from './cli/terminal/reading-progress.ts';

listenAsFirstProcess();
showReading();
await main(process.argv.slice(2));
