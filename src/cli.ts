#!/usr/bin/env node
import process from 'node:process';
import {listenAsFirstProcess} from './cli/interruption.ts';
import {main} from './cli/main.ts';

listenAsFirstProcess();
await main(process.argv.slice(2));
