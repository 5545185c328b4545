import {config} from 'zod';

// Most commands check a few files, once: code that zod would make of its schemas takes longer to compile than it saves.
config({jitless: true});
