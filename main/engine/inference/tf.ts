/**
 * The one door to TensorFlow.js, so that there is one instance of it in the process: native TensorFlow, WebAssembly and
 * face-api all register with, and run on, this one.
 */
export * as tf from '@tensorflow/tfjs'
